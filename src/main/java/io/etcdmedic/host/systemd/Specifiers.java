package io.etcdmedic.host.systemd;

import io.etcdmedic.host.Machine;
import java.util.Optional;

/// `%n` and its like, which stand for what is known of a system service when its unit is loaded.
///
/// Source: systemd.unit(5), "Specifiers". Those that need a running system (`%b`, `%v`) stay as they are.
record Specifiers(String unit, String host) {

    static Specifiers of(Machine machine, String unit) {
        String host = machine.read("/etc/hostname")
                .textOrEmpty()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .orElse("localhost");
        return new Specifiers(unit, host);
    }

    String expanded(String word) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            Optional<String> value = c == '%' && i + 1 < word.length() ? value(word.charAt(i + 1)) : Optional.empty();
            if (value.isPresent()) {
                text.append(value.get());
                i++;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private Optional<String> value(char name) {
        String stem = unit.substring(0, unit.length() - ".service".length());
        return switch (name) {
            case '%' -> Optional.of("%");
            case 'n' -> Optional.of(unit);
            case 'N', 'p', 'P' -> Optional.of(stem);
            case 'j', 'J' -> Optional.of(stem.substring(stem.lastIndexOf('-') + 1));
            case 'i', 'I' -> Optional.of("");
            case 'H', 'q' -> Optional.of(host);
            case 'l' -> Optional.of(host.replaceFirst("\\..*", ""));
            case 't' -> Optional.of("/run");
            case 'S' -> Optional.of("/var/lib");
            case 'C' -> Optional.of("/var/cache");
            case 'L' -> Optional.of("/var/log");
            case 'E' -> Optional.of("/etc");
            case 'T' -> Optional.of("/tmp");
            case 'V' -> Optional.of("/var/tmp");
            case 'd' -> Optional.of("/run/credentials/" + unit);
            default -> Optional.empty();
        };
    }
}
