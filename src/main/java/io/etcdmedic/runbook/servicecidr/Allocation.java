package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.runbook.Stored;
import io.etcdmedic.runbook.network.Address;

/// One cluster address of one Service.
record Allocation(Stored service, Address address) {}
