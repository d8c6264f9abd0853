package io.etcdmedic.schema;

import java.util.List;
import java.util.Optional;

/// A set of message declarations, found by name.
interface Declarations {

    /// The declaration of the message with this full name.
    Optional<MessageDeclaration> message(String fullName);

    /// The full name of the message of an object.
    Optional<String> kind(String apiVersion, String kind);

    List<Kind> kinds();
}
