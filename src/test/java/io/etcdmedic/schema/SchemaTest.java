package io.etcdmedic.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private final Schema schema = Schema.builtIn();

    @Test
    void aServiceIsWhatKubernetesStores() {
        MessageType service = type("v1", "Service");
        assertThat(service.name()).isEqualTo("k8s.io.api.core.v1.Service");
        assertThat(service.hasObjectMeta()).isTrue();
        MessageType spec = field(service, 2).message();
        assertThat(field(spec, 3).jsonName()).isEqualTo("clusterIP");
        assertThat(field(spec, 3).type()).isEqualTo(Type.STRING);
        assertThat(field(spec, 19).jsonName()).isEqualTo("ipFamilies");
        assertThat(field(spec, 19).repeated()).isTrue();
        assertThat(field(spec, 17).pointer()).as("ipFamilyPolicy").isTrue();
        assertThat(spec.named("clusterIPs").orElseThrow().number()).isEqualTo(18);
        assertThat(field(field(spec, 1).message(), 4).message().form()).isEqualTo(Form.INT_OR_STRING);
    }

    @Test
    void objectMetaHoldsEveryNumberOfEveryRelease() {
        MessageType meta = schema.message("k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta")
                .orElseThrow();
        assertThat(meta.fields().stream().map(Field::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 17).boxed().toList());
        assertThat(field(meta, 8).jsonName()).isEqualTo("creationTimestamp");
        assertThat(field(meta, 8).message().form()).isEqualTo(Form.TIME);
        assertThat(field(meta, 8).omit()).isEqualTo(Omit.ZERO);
        assertThat(field(meta, 9).pointer()).as("deletionTimestamp").isTrue();
        assertThat(field(meta, 11).map()).as("labels").isTrue();
        assertThat(field(meta, 11).keyType()).isEqualTo(Type.STRING);
        assertThat(field(meta, 16).jsonName()).as("gone since 1.16").isEqualTo("initializers");
    }

    @Test
    void aPodSpecKnowsOldAndNewFields() {
        MessageType spec = field(type("v1", "Pod"), 2).message();
        assertThat(new String(field(spec, 2).jsonKey(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("\"containers\":");
        assertThat(field(spec, 2).omit()).isEqualTo(Omit.NEVER);
        assertThat(field(spec, 42).jsonName()).as("1.35 only").isEqualTo("workloadRef");
        assertThat(field(spec, 43).jsonName()).isEqualTo("schedulingGroup");
        MessageType volume = field(spec, 1).message();
        assertThat(field(volume, 2).inline()).as("volumeSource").isTrue();
        assertThat(volume.named("volumeSource")).isEmpty();
        assertThat(spec.field(0)).isNull();
        assertThat(spec.field(-1)).isNull();
        assertThat(spec.field(100_000)).isNull();
    }

    @Test
    void jsonNamesAreGosNotProtobufs() {
        MessageType parameters = schema.message("k8s.io.api.networking.v1.IngressClassParametersReference")
                .orElseThrow();
        assertThat(field(parameters, 1).protoName()).isEqualTo("aPIGroup");
        assertThat(field(parameters, 1).jsonName()).isEqualTo("apiGroup");
    }

    @Test
    void kindsOfEveryAge() {
        assertThat(List.of(
                        type("networking.k8s.io/v1", "ServiceCIDR").name(),
                        type("networking.k8s.io/v1beta1", "ServiceCIDR").name(),
                        type("extensions/v1beta1", "Ingress").name(),
                        type("policy/v1beta1", "PodSecurityPolicy").name(),
                        type("rbac.authorization.k8s.io/v1", "ClusterRole").name(),
                        type("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition")
                                .name(),
                        type("batch/v2alpha1", "CronJob").name(),
                        type("v1", "Status").name(),
                        type("meta.k8s.io/v1", "PartialObjectMetadata").name()))
                .containsExactly(
                        "k8s.io.api.networking.v1.ServiceCIDR",
                        "k8s.io.api.networking.v1beta1.ServiceCIDR",
                        "k8s.io.api.extensions.v1beta1.Ingress",
                        "k8s.io.api.policy.v1beta1.PodSecurityPolicy",
                        "k8s.io.api.rbac.v1.ClusterRole",
                        "k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1beta1.CustomResourceDefinition",
                        "k8s.io.api.batch.v2alpha1.CronJob",
                        "k8s.io.apimachinery.pkg.apis.meta.v1.Status",
                        "k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata");
        assertThat(type("v1", "PersistentVolumeClaim").isKind()).isTrue();
        assertThat(field(type("v1", "Pod"), 2).message().isKind()).isFalse();
        assertThat(schema.kind("v1", "Deployment")).isEmpty();
        assertThat(schema.kind("example.com/v1", "Widget")).isEmpty();
        assertThat(schema.message("k8s.io.api.core.v1.Nothing")).isEmpty();
    }

    @Test
    void everythingThatIsReferredToIsThere() {
        Set<MessageType> seen = new HashSet<>();
        for (Kind kind : schema.kinds()) {
            visit(type(kind.apiVersion(), kind.kind()), seen);
        }
        assertThat(schema.kinds()).hasSizeGreaterThan(400);
        assertThat(seen).hasSizeGreaterThan(1400);
    }

    @Test
    void aTypeIsMadeOnce() {
        assertThat(type("v1", "Pod"))
                .isSameAs(schema.message("k8s.io.api.core.v1.Pod").orElseThrow());
    }

    @Test
    void aScalarHasNoMessage() {
        Field name = field(field(type("v1", "Pod"), 1).message(), 1);
        assertThatThrownBy(name::message).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(name::keyType).isInstanceOf(IllegalStateException.class);
    }

    private static void visit(MessageType type, Set<MessageType> seen) {
        if (!seen.add(type)) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (Field field : type.fields()) {
            assertThat(type.field(field.number())).isSameAs(field);
            assertThat(names.add(field.jsonName()))
                    .as("%s: %s once", type, field.jsonName())
                    .isTrue();
            if (field.type() == Type.MESSAGE) {
                visit(field.message(), seen);
            }
        }
    }

    private MessageType type(String apiVersion, String kind) {
        return schema.kind(apiVersion, kind)
                .orElseThrow(() -> new AssertionError("no kind " + apiVersion + " " + kind));
    }

    private static Field field(MessageType type, int number) {
        Field field = type.field(number);
        if (field == null) {
            throw new AssertionError("no field " + number + " in " + type);
        }
        return field;
    }
}
