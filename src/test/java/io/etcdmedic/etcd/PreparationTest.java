package io.etcdmedic.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreparationTest {
    @AfterEach
    void leaveNothing() {
        Preparation.forget();
    }

    @Test
    void eachConnectionHasALoopOfItsOwn() throws Exception {
        Preparation.begin();
        Preparation.begin();
        try (Loop first = Preparation.loop();
                Loop second = Preparation.loop()) {
            assertThat(first).isNotSameAs(second);
            assertThat(turns(first)).isTrue();
            assertThat(turns(second)).isTrue();
        }
    }

    @Test
    void whatNobodyTookIsClosedAndNotHandedOut() throws Exception {
        Preparation.begin();
        Preparation.forget();
        try (Loop later = Preparation.loop()) {
            assertThat(turns(later)).isTrue();
        }
    }

    private static boolean turns(Loop loop) throws Exception {
        CompletableFuture<Boolean> turned = new CompletableFuture<>();
        loop.vertx().runOnContext(_ -> turned.complete(true));
        return turned.get(30, TimeUnit.SECONDS);
    }
}
