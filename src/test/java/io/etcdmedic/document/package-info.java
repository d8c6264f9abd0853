/// Tests of the document tree and its text forms.
@NullMarked
package io.etcdmedic.document;

import org.jspecify.annotations.NullMarked;
