/// Facts of a machine, saved as a folder of plain files and read back in place of the live machine.
@NullMarked
package io.etcdmedic.node.facts;

import org.jspecify.annotations.NullMarked;
