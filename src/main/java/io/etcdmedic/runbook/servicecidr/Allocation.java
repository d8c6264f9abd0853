package io.etcdmedic.runbook.servicecidr;

import io.etcdmedic.kubernetes.network.Address;
import io.etcdmedic.runbook.Stored;

/// One cluster address of one Service.
record Allocation(Stored service, Address address) {}
