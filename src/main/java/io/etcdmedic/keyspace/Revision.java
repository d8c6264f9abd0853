package io.etcdmedic.keyspace;

/// A revision of the keyspace: etcd counts one for each transaction that changes something, from 1 on.
public record Revision(long number) implements Comparable<Revision> {
    public Revision {
        if (number < 0) {
            throw new IllegalArgumentException("revision " + number + " is negative");
        }
    }

    public static Revision of(long number) {
        return new Revision(number);
    }

    public Revision before() {
        return new Revision(number - 1);
    }

    public Revision after() {
        return new Revision(number + 1);
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Long.toString(number);
    }
}
