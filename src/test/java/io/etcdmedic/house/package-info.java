/// Tests of the house itself: which package may know which, and how long a file may be.
@NullMarked
package io.etcdmedic.house;

import org.jspecify.annotations.NullMarked;
