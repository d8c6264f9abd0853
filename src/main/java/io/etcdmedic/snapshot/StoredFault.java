package io.etcdmedic.snapshot;

import io.etcdmedic.bytes.Bytes;

/// A change that lies in the file and cannot be decoded.
///
/// @param page the leaf page that holds it
/// @param offset of its value in the file, in bytes
/// @param key what it is stored under: a revision, if it is whole
public record StoredFault(long page, long offset, Bytes key, String found) {}
