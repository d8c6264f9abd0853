package io.etcdmedic.apiserver;

import io.etcdmedic.document.Document;
import java.util.List;
import java.util.Optional;

/// What a runbook wants to know of the Kubernetes API beside single objects.
///
/// Errors: as [ApiServer].
public interface ApiReading extends ApiServer {
    /// Why it is not [#ready], in words; empty where it is. One that does not know us, or is not the one that is
    /// meant, must not be taken for one that is down.
    ///
    /// @throws io.etcdmedic.failure.Failure.Locked when it does not know us
    /// @throws io.etcdmedic.failure.Failure.Refused when its certificate is of another authority
    Optional<String> silence();

    default boolean readyForUs() {
        return silence().isEmpty();
    }

    /// The objects of a resource, read page by page.
    List<Document> list(ApiCollection collection);

    /// The version in which the server prefers to serve `group`'s `resource`; empty when it does not serve it.
    Optional<String> servedVersion(String group, String resource);

    /// The server's version as it says itself: `v1.36.2`.
    String version();

    /// The names and addresses that the server's certificate is good for.
    List<String> certificateNames();
}
