package io.etcdmedic.bbolt;

/// Something wrong with one page, as a row of an answer.
///
/// @param page its id; -1 when it is about the file
/// @param found which field at which file offset, and what it is
/// @param expected what it should have been
public record PageFault(long page, String found, String expected) {}
