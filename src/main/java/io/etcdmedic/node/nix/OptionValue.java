package io.etcdmedic.node.nix;

import io.etcdmedic.document.Document;
import java.util.List;
import java.util.Optional;

/// One option of a configuration.
///
/// @param value empty when it could not be told
/// @param places where the operator's files define it; none for a default
/// @param declared whether the module system knows it
/// @param trouble why there is no value
public record OptionValue(
        String option, Optional<Document> value, List<Place> places, boolean declared, String trouble) {
    public OptionValue {
        places = List.copyOf(places);
    }

    /// Whether the operator's files define it.
    public boolean isSet() {
        return !places.isEmpty();
    }

    /// ` (kubernetes.nix:58)`, or `` where nothing is known.
    public String at() {
        return places.isEmpty() ? "" : " (" + places.getLast() + ")";
    }
}
