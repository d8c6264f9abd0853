/// The engine that every change goes through: show, confirm, archive, check, commit, wait, verify, journal.
@NullMarked
package io.etcdmedic.repair;

import org.jspecify.annotations.NullMarked;
