/// Backup archives: keys and files with all that is known of them, in one compressed file that proves itself.
@NullMarked
package io.etcdmedic.archive;

import org.jspecify.annotations.NullMarked;
