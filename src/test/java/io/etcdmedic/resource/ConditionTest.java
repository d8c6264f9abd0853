package io.etcdmedic.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.etcdmedic.bytes.Bytes;
import io.etcdmedic.document.Document;
import io.etcdmedic.document.YamlReader;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.keyspace.Entry;
import io.etcdmedic.keyspace.Key;
import io.etcdmedic.keyspace.LeaseId;
import io.etcdmedic.keyspace.Revision;
import io.etcdmedic.kubernetes.ObjectName;
import io.etcdmedic.kubernetes.Resources;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// CEL over stored objects. The library's start costs a second.
class ConditionTest {
    private static final Document OBJECT = YamlReader.read(Bytes.utf8("""
            metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z", labels: {app: web}}
            spec:
              clusterIP: 10.0.0.1
              headless: None
              replicas: 3
              ratio: 1.5
              memory: 1Gi
              large: 9007199254740993
              nothing: null
              ports: [{port: 80}, {port: 443, name: https}]
            """), "object");
    private static final Candidate CANDIDATE = new Candidate(
            new Entry(
                    Key.of("/registry/services/specs/shop/web"),
                    Bytes.utf8("12345"),
                    Revision.of(7),
                    Revision.of(9),
                    2,
                    LeaseId.NONE),
            Optional.of(new ObjectName(Resources.builtIn().named("services").orElseThrow(), "shop", "web")),
            OBJECT,
            Instant.parse("2026-02-01T00:00:00Z"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "object.spec.replicas > 2 && object.spec.replicas == 3.0",
                "object.spec.large == 9007199254740993",
                "object.spec.ratio > 1",
                "object.spec.ports.exists(p, p.port == 443)",
                "object.spec.ports.all(p, p.port > 1) && size(object.spec.ports) == 2",
                "object.?spec.?absent.orValue(7) == 7",
                "!has(object.spec.nothing) && !has(object.spec.absent)",
                "metadata.labels.app == \"web\" && 'app' in metadata.labels",
                "metadata.name.upperAscii() == 'WEB' && object.spec.clusterIP.split('.')[0] == '10'",
                "timestamp(metadata.creationTimestamp) < now - duration('24h')",
                "key.startsWith('/registry/services/') && resource == 'services' && metadata.namespace == 'shop' && name == 'web'",
                "modRevision == 9 && createRevision == 7 && version == 2 && size == 5",
                "!cidr('10.43.0.0/16').containsIP(object.spec.clusterIP)",
                "cidr('10.0.0.0/24').containsIP(ip(object.spec.clusterIP))",
                "cidr('10.0.0.0/8').containsCIDR('10.43.0.0/16') && cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))",
                "!cidr('10.0.0.0/8').containsCIDR('fd00::/112') && cidr('fd00::/112').prefixLength() == 112",
                "ip('fd00::1') == ip('fd00:0::1') && string(ip('FD00::1')) == 'fd00::1'",
                "isIP(object.spec.clusterIP) && !isIP(object.spec.headless) && !isCIDR('10.0.0.1/33')",
                "ip('::1').family() == 6 && ip('::1').isLoopback() && !ip('10.0.0.1').isLoopback()",
                "ip('192.168.0.1').isGlobalUnicast() && ip('169.254.1.1').isLinkLocalUnicast() && ip('::').isUnspecified()",
                "quantity(object.spec.memory).isGreaterThan(quantity('900Mi')) && quantity('200M') == quantity('0.2G')",
                "quantity('50k').add(20).sub(quantity('100k')).sub(-50000) == quantity('20')",
                "quantity('50k').asInteger() == 50000 && quantity('1500m').isInteger() == false && quantity('-1').sign() == -1",
                "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24') != cidr('192.168.0.0/24')",
                "cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && cidr('192.168.0.1/24').containsIP('192.168.0.9')",
                "ip.isCanonical('fd00::1') && !ip.isCanonical('FD00:0::1') && ip.isCanonical(object.spec.clusterIP)",
                "object.spec.ports.map(p, p.port).isSorted() && ![2, 1].isSorted() && ['a', 'b', 'b'].isSorted()",
                "object.spec.ports.map(p, p.port).sum() == 523 && [1.0, 3.0].sum() == 4.0 && [].sum() == 0",
                "[duration('1m'), duration('1s')].sum() == duration('61s')",
                "object.spec.ports.map(p, p.port).max() == 443 && [3, 1].min() == 1 && ['b', 'a'].min() == 'a'",
                "[timestamp('2026-01-02T00:00:00Z'), now].max() == now",
                "['a', 'b', 'b'].indexOf('b') == 1 && ['a', 'b', 'b'].lastIndexOf('b') == 2 && [1].indexOf(2) == -1",
                "[1, 2].indexOf(2) == 1 && 'abcb'.indexOf('b') == 1 && 'abcb'.lastIndexOf('b') == 3",
                "object.spec.ports.map(p, p.port).sort()[0] == 80 && [1, 1, 2].distinct() == [1, 2]",
                "math.greatest(object.spec.replicas, 2) == 3 && cel.bind(r, object.spec.replicas, r * r == 9)",
                "metadata.labels.all(name, value, name == 'app' && value == 'web')",
                "semver('1.2.3').isLessThan(semver('1.10.0')) && semver('v1.30', true).minor() == 30",
                "semver('1.0.0-rc.2').compareTo(semver('1.0.0-rc.10')) == -1 && semver('1.0.0') == semver('1.0.0+build')",
                "semver('1.0.0').isGreaterThan(semver('1.0.0-rc.1')) && semver('01.02.03', true).patch() == 3",
                "isSemver('1.0.0-alpha.1') && !isSemver('v1.0.0') && isSemver('v1.0', true) && !isSemver('1.0-rc', true)",
                "url('https://user:p@example.com:80/a b?k=1&k=2#x').getHost() == 'example.com:80'",
                "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80'",
                "url('https://example.com/a b/?k 1=a&k2=b&k2=c').getEscapedPath() == '/a%20b/' && url('/p').getScheme() == ''",
                "url('https://e.com/p?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
                "isURL('/absolute') && !isURL('../relative') && !isURL('https://a:b:c/') && isURL('https://e.com')",
                "'abc 123 45'.find('[0-9]+') == '123' && 'abc 123 45'.findAll('[0-9]+') == ['123', '45'] && 'a'.find('b') == ''"
            })
    void isTrue(String expression) {
        assertThat(Condition.parse(expression).test(CANDIDATE)).isEqualTo(new Condition.Answer.Yes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "object.spec.absent > 1|key 'absent' is not present in map",
                "object.spec.nothing == 1|key 'nothing' is not present in map",
                "object.status.conditions[0].type == 'Ready'|key 'status' is not present in map",
                "object.spec.ports[7].port == 1|out of bounds"
            })
    void aMissingFieldIsNoMatchAndIsNamed(String expression, String what) {
        assertThat(Condition.parse(expression).test(CANDIDATE))
                .isInstanceOfSatisfying(
                        Condition.Answer.Missing.class,
                        m -> assertThat(m.what()).contains(what));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "cidr('10.0.0.0/8').containsIP(object.spec.headless)|'None' is no IP address",
                "cidr(object.spec.clusterIP).containsIP('1.1.1.1')|is no range",
                "quantity(object.spec.headless).sign() == 1|'None' is no quantity",
                "object.spec.replicas > '3'|No matching overload",
                "object.spec|neither true nor false",
                "object.spec.replicas / 0 == 1|zero",
                "[].max() == 1|max of an empty list",
                "['a', 1].isSorted()|cannot compare: String and Long",
                "['a'].sum() == 'a'|cannot add",
                "[9223372036854775807, 1].sum() > 0|no 64-bit number",
                "semver(name).major() == 1|'web' is no semantic version",
                "url(name).getHost() == ''|'web' is no absolute URL",
                "ip.isCanonical(name)|'web' is no IP address",
                "name.find('(') == ''|missing closing )",
                "name.matches('(')|missing closing )"
            })
    void aValueThatDoesNotFitIsExplained(String expression, String why) {
        assertThat(Condition.parse(expression).test(CANDIDATE))
                .isInstanceOfSatisfying(
                        Condition.Answer.Unfit.class, m -> assertThat(m.why()).contains(why));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "objct.spec|1:1: undeclared reference to 'objct'",
                "object.spec >|mismatched input",
                "1 + 1|an expression of type int",
                "'a'|an expression of type string",
                "name > 3|no matching overload",
                "nothing(name)|undeclared reference to 'nothing'"
            })
    void whatIsNoConditionIsRefusedWithItsPlace(String expression, String said) {
        Failure.Usage usage = catchThrowableOfType(Failure.Usage.class, () -> Condition.parse(expression));
        assertThat(usage).hasMessageContaining(said).hasMessageContaining(expression);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c,"
                        + " [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f,"
                        + " [1,2,3,4,5,6,7,8,9,10].all(g, true)))))))"
            })
    void anExpressionThatNeverEndsIsEnded(String expression) {
        assertThat(Condition.parse(expression).test(CANDIDATE)).isInstanceOf(Condition.Answer.Unfit.class);
    }
}
