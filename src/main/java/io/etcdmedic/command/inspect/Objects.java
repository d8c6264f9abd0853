package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Display;
import io.etcdmedic.command.Session;

/// Objects as this command line may show them.
final class Objects {
    private Objects() {}

    /// Decoded, without what is secret unless it was asked for.
    static ObjectChange.Reader shown(Session session) {
        Display display = session.display();
        return display::redacted;
    }
}
