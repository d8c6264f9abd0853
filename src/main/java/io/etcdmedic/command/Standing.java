package io.etcdmedic.command;

import io.etcdmedic.render.Format;
import java.util.Optional;

/// What a command line finds when it is one of many: a source that is open already, and a folder to start from.
///
/// @param opened the session whose source, codec and options hold where the line itself names none
/// @param place the current folder of the keyspace; empty before the first `cd`, when keys are given whole
/// @param output the form of output that the operator chose for this session
/// @param program what stands before a command in help and hints: nothing at the prompt, `medic ` in a session file
/// @param where the script's file and line, for messages; empty at a prompt
public record Standing(Session opened, Optional<Place> place, Optional<Format> output, String program, String where) {}
