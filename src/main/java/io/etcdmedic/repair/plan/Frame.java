package io.etcdmedic.repair.plan;

import java.util.List;
import java.util.Optional;

/// What every step has beside the change itself.
///
/// @param title what it does, in words, with the object's name: "delete servicecidr kubernetes in etcd"
/// @param object the object it is about, as kubectl names it; the steps of one object count once
/// @param when the step is left out, and said to be, unless this holds when its turn comes
/// @param requires checked again just before the step; the plan stops where one does not hold
/// @param waits what to wait for afterwards
/// @param inverse how it is taken back
public record Frame(
        String title, String object, Check when, List<Precondition> requires, Optional<Wait> waits, Inverse inverse) {
    public Frame {
        requires = List.copyOf(requires);
    }

    /// A step that always runs, waits for nothing and whose inverse the engine derives.
    public static Frame of(String title, String object) {
        return new Frame(title, object, new Check.Always(), List.of(), Optional.empty(), new Inverse.Derived());
    }

    public Frame when(Check condition) {
        return new Frame(title, object, condition, requires, waits, inverse);
    }

    public Frame requiring(Precondition... preconditions) {
        return new Frame(title, object, when, List.of(preconditions), waits, inverse);
    }

    public Frame waiting(Wait afterwards) {
        return new Frame(title, object, when, requires, Optional.of(afterwards), inverse);
    }

    public Frame inverse(Inverse howTakenBack) {
        return new Frame(title, object, when, requires, waits, howTakenBack);
    }
}
