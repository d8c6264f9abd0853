package io.etcdmedic.codec.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pairs that k8s.io/apimachinery makes of the same texts.
class StoredQuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.5, 500m",
        "1000m, 1",
        "100m, 100m",
        "1500m, 1500m",
        "1.5, 1500m",
        "0.1, 100m",
        "1024Mi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "0.5Ki, 512",
        "1.1Ki, 1126400m",
        "1Ki, 1Ki",
        "1000Ki, 1000Ki",
        "128974848, 128974848",
        "129e6, 129e6",
        "129M, 129M",
        "1000k, 1M",
        "10000, 10k",
        "100, 100",
        "1e3, 1e3",
        "1000e3, 1e6",
        "0.0000000001, 1n",
        "-0.5, -500m",
        "0Mi, 0",
        "0.0, 0",
        "1E, 1E",
        "1Ei, 1Ei",
        "123.456, 123.456",
        "12e1, 120",
        "2.5M, 2500k",
        "07, 07",
        "0.500, 500m",
        "1.500, 1.500",
        ".5, 500m",
        "5., 5.",
        "100Gi, 100Gi",
        "2048, 2048",
        "1000000, 1M",
        "1234567890123456789012, 1234567890123456789012",
        "0.5e-1, 50e-3"
    })
    void isWhatTheApiserverStores(String written, String stored) {
        assertThat(StoredQuantity.of(written)).contains(stored);
    }

    @Test
    void refusesWhatIsNone() {
        for (String none : new String[] {"", "many", "1 Gi", "1gi", ".", "1e", "Mi", "1e999", "--1", "1.2.3"}) {
            assertThat(StoredQuantity.of(none)).as(none).isEmpty();
        }
    }
}
