package io.etcdmedic.host;

import io.etcdmedic.bytes.Bytes;

/// What became of reading a file.
public sealed interface FileContent {

    /// @param path the file that answered, after following symbolic links inside the machine
    record Present(String path, Bytes bytes) implements FileContent {
        public String text() {
            return bytes.toUtf8();
        }
    }

    record Absent() implements FileContent {}

    /// It is there, but could not be read; `why` says so in words.
    record Unreadable(String why) implements FileContent {
        /// Whether only we may not read it: that says nothing of who else may.
        public boolean isDenied() {
            return IoReason.isDenied(why);
        }
    }

    /// The text, or "" when there is none to be had.
    default String textOrEmpty() {
        return this instanceof Present present ? present.text() : "";
    }
}
