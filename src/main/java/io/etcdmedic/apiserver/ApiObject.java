package io.etcdmedic.apiserver;

import io.etcdmedic.bytes.Bytes;

/// An object as the Kubernetes API answered it.
///
/// @param resourceVersion etcd's modification revision in decimal, where etcd is the storage
/// @param json the whole answer, UTF-8
public record ApiObject(ApiName name, String uid, String resourceVersion, Bytes json) {}
