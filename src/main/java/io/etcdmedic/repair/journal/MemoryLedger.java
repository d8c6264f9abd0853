package io.etcdmedic.repair.journal;

import java.util.ArrayList;
import java.util.List;

/// A ledger for a dry run: nothing of it stays.
public final class MemoryLedger implements Ledger {
    private final List<Record> records = new ArrayList<>();

    @Override
    public void append(Record entry) {
        records.add(entry);
    }

    @Override
    public List<Record> records() {
        return List.copyOf(records);
    }
}
