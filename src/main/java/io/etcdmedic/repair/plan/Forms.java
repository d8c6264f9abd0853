package io.etcdmedic.repair.plan;

import io.etcdmedic.bytes.Escape;
import io.etcdmedic.bytes.Sha256;
import io.etcdmedic.document.RecordForm;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import java.util.HexFormat;
import java.util.Map;

/// How plans and journal records are written as documents.
///
/// Keys are escaped texts as [Key#display] shows them, revisions decimal, leases and hashes hexadecimal. The bytes of a
/// plan's values are left out: they may be secret, and lie apart by their hash.
public final class Forms {
    private static final RecordForm FORM = new RecordForm()
            .text(Key.class, Key::display, text -> new Key(Escape.parse(text)))
            .text(Revision.class, Revision::toString, text -> Revision.of(Long.parseLong(text)))
            .text(LeaseId.class, LeaseId::hex, text -> new LeaseId(HexFormat.fromHexDigitsToLong(text)))
            .text(Sha256.class, Sha256::hex, Sha256::new)
            .text(PlanId.class, PlanId::hex, PlanId::new)
            .without(Plan.class, "values", Map.of());

    private Forms() {}

    public static RecordForm form() {
        return FORM;
    }
}
