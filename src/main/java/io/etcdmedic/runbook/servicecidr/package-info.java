/// The repair of a wrong default ServiceCIDR.
@NullMarked
package io.etcdmedic.runbook.servicecidr;

import org.jspecify.annotations.NullMarked;
