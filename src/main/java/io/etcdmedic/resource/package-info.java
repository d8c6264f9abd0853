/// An object the way kubectl shows it: the columns of its kind, its status in words, and how objects are chosen.
@NullMarked
package io.etcdmedic.resource;

import org.jspecify.annotations.NullMarked;
