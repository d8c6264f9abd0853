package io.etcdmedic.command.inspect;

import io.etcdmedic.codec.Codec;
import io.etcdmedic.command.Session;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;

/// Objects as this command line may show them.
final class Objects {
    private Objects() {}

    /// Decoded; a Secret only when it was asked for.
    static ObjectChange.Reader shown(Session session) {
        Codec codec = session.codec();
        return entry -> {
            boolean secret = session.registry()
                    .parse(entry.key().bytes())
                    .filter(n -> n.resource().plural().equals("secrets"))
                    .isPresent();
            if (secret && !session.options().showSecrets()) {
                throw new Failure.Locked(Problem.in("showing " + entry.key().display())
                        .found("a Secret is not shown without --show-secrets"));
            }
            return codec.document(entry);
        };
    }
}
