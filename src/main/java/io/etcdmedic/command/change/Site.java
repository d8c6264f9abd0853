package io.etcdmedic.command.change;

import io.etcdmedic.repair.plan.Plan;

/// The two grounds of a change: the real one, and a copy of it to rehearse on.
public interface Site {

    /// @throws io.etcdmedic.failure.Failure.Refused where nothing can be written: a database file
    Ground real();

    /// Nothing that is done on it stays.
    ///
    /// @param plan what will be rehearsed there
    Ground rehearsal(Plan plan);
}
