package io.etcdmedic.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcdmedic.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretMarksTest {
    private static final List<String> WORDS =
            List.of("Secret", "PRIVATE KEY-----", "LS0tLS1CRUdJTi", "client-key-data", "eyJhbGciOi");

    @Test
    void findsEachWordWhereverItStands() {
        for (String word : WORDS) {
            for (int before = 0; before < 20; before++) {
                for (int after = 0; after < 8; after++) {
                    String text = "x".repeat(before) + word + "y".repeat(after);
                    assertThat(SecretMarks.areIn(Bytes.utf8(text))).as(text).isTrue();
                    String cut = "x".repeat(before) + word.substring(0, word.length() - 1) + "y".repeat(after);
                    assertThat(SecretMarks.areIn(Bytes.utf8(cut))).as(cut).isFalse();
                }
            }
        }
    }

    /// Text made of pieces of the words, so that many of them nearly stand there.
    @Test
    void agreesWithASearchForEachWord() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 40) {
                String word = WORDS.get(random.nextInt(WORDS.size()));
                int from = random.nextInt(word.length());
                text.append(word, from, from + random.nextInt(word.length() - from + 1));
            }
            byte[] around = ("Secret" + text + "Secret").getBytes(StandardCharsets.US_ASCII);
            Bytes value = Bytes.owned(around, 6, text.length());
            boolean expected = WORDS.stream().anyMatch(text.toString()::contains);
            found += expected ? 1 : 0;
            assertThat(SecretMarks.areIn(value)).as("seed %d: %s", seed, text).isEqualTo(expected);
        }
        assertThat(found).isBetween(1_000, 19_000);
    }
}
