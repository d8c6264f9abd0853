package io.etcdmedic.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.etcdmedic.keyspace.WritePermit;
import org.junit.jupiter.api.Test;

/// Reading and writing are different types: whoever writes got its permit from the repair engine.
class WritePermitTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.etcdmedic");

    @Test
    void onlyTheEngineGrantsPermits() {
        assertThat(CLASSES.stream()
                        .filter(c -> !c.getPackageName().equals("io.etcdmedic.repair"))
                        .flatMap(c -> c.getConstructorCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(WritePermit.class))
                        .map(Object::toString))
                .as("a write permit made outside the engine")
                .isEmpty();
    }

    @Test
    void nobodyTakesTheConstructorByReference() {
        assertThat(CLASSES.stream()
                        .filter(c -> !c.getPackageName().equals("io.etcdmedic.repair"))
                        .flatMap(c -> c.getConstructorReferencesFromSelf().stream())
                        .filter(reference -> reference.getTargetOwner().isEquivalentTo(WritePermit.class))
                        .map(Object::toString))
                .as("WritePermit::new outside the engine")
                .isEmpty();
    }
}
