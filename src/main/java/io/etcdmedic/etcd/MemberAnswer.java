package io.etcdmedic.etcd;

import io.etcdmedic.failure.Failure;

/// What came of asking one member itself.
public sealed interface MemberAnswer {
    Member member();

    record Answered(Member member, MemberStatus status) implements MemberAnswer {}

    /// @param why what each of its addresses answered
    record Silent(Member member, Failure why) implements MemberAnswer {}
}
