package io.etcdmedic.repair.plan;

/// What must hold before something is sent, and the sentence that the operator reads when it does not.
public record Precondition(Check check, String otherwise) {}
