package io.etcdmedic.resource;

import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.etcdmedic.failure.Failure;
import io.etcdmedic.failure.Problem;
import java.util.Map;
import java.util.Optional;

/// A question about an object in CEL, the language of Kubernetes' own validation rules.
///
/// Besides CEL's standard there is what the kube-apiserver adds and an operator needs: optional fields
/// (`object.?spec.?replicas.orValue(1)`), functions of texts, lists, sets
/// and regular expressions, `ip()`, `cidr()`, `quantity()`, `semver()` and `url()`.
/// Source: https://kubernetes.io/docs/reference/using-api/cel
public final class Condition {
    /// Bounds for what an expression may cost on one object; a listing of objects needs a thousandth of it.
    private static final int ITERATIONS_MAX = 1_000_000;

    private static final int EXPRESSION_CODE_POINTS_MAX = 100_000;
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableOptionalSyntax(true)
            .enableHeterogeneousNumericComparisons(true)
            .comprehensionMaxIterations(ITERATIONS_MAX)
            .maxExpressionCodePointSize(EXPRESSION_CODE_POINTS_MAX)
            .build();
    private static final Map<String, CelType> VARIABLES = Map.ofEntries(
            Map.entry("object", SimpleType.DYN),
            Map.entry("metadata", SimpleType.DYN),
            Map.entry("key", SimpleType.STRING),
            Map.entry("resource", SimpleType.STRING),
            Map.entry("name", SimpleType.STRING),
            Map.entry("modRevision", SimpleType.INT),
            Map.entry("createRevision", SimpleType.INT),
            Map.entry("version", SimpleType.INT),
            Map.entry("size", SimpleType.INT),
            Map.entry("now", SimpleType.TIMESTAMP));

    private final String expression;
    private final CelRuntime.Program program;

    private Condition(String expression, CelRuntime.Program program) {
        this.expression = expression;
        this.program = program;
    }

    /// What an object answers.
    public sealed interface Answer {
        record Yes() implements Answer {}

        record No() implements Answer {}

        /// The object lacks a field, or an element, that the expression asks for.
        record Missing(String what) implements Answer {}

        /// A value is not of the type, or the form, that the expression needs.
        record Unfit(String why) implements Answer {}
    }

    /// @throws Failure.Usage with the place that was not understood
    public static Condition parse(String expression) {
        Problem problem = Problem.in("reading the condition '" + expression + "'");
        CelValidationResult result = compiler().compile(expression);
        try {
            var ast = result.getAst();
            CelType type = ast.getResultType();
            if (!type.equals(SimpleType.BOOL) && !type.equals(SimpleType.DYN)) {
                throw new Failure.Usage(problem.found("an expression of type " + type.name())
                        .expected("one that is true or false")
                        .hint("as in object.spec.replicas > 3"));
            }
            return new Condition(expression, runtime().createProgram(ast));
        } catch (CelValidationException wrong) {
            throw new Failure.Usage(problem.found(first(result.getErrorString()))
                            .hint("variables: object, metadata, key, resource, name, modRevision,"
                                    + " createRevision, version, size, now"))
                    .because(wrong);
        } catch (CelEvaluationException wrong) {
            throw new Failure.Usage(problem.found(String.valueOf(wrong.getMessage()))).because(wrong);
        }
    }

    private static CelCompiler compiler() {
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.lists(),
                        CelExtensions.math(OPTIONS),
                        CelExtensions.bindings(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(CelFunctions.declarations());
        VARIABLES.forEach(builder::addVar);
        return builder.build();
    }

    private static CelRuntime runtime() {
        return CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(
                        CelExtensions.optional(),
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.lists(),
                        CelExtensions.math(OPTIONS),
                        CelExtensions.comprehensions())
                .addFunctionBindings(CelFunctions.bindings())
                .build();
    }

    /// The first error and its place, on one line: `1:8: undeclared reference to 'objct'`.
    private static String first(String errors) {
        return errors.lines()
                .findFirst()
                .orElse(errors)
                .replaceFirst("^ERROR: <input>:", "")
                .replace(" (in container '')", "");
    }

    public Answer test(Candidate candidate) {
        try {
            Object answer = program.eval(CelValues.variables(candidate));
            return switch (answer) {
                case Boolean truth -> truth ? new Answer.Yes() : new Answer.No();
                default -> new Answer.Unfit("the answer is neither true nor false");
            };
        } catch (CelEvaluationException e) {
            String why = String.valueOf(e.getMessage())
                    .replaceFirst("^evaluation error( at <input>:\\d+)?: ", "")
                    .replaceFirst("\\.$", "");
            boolean missing = e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
                    || e.getErrorCode() == CelErrorCode.INDEX_OUT_OF_BOUNDS;
            return missing ? new Answer.Missing(why) : new Answer.Unfit(cause(e).orElse(why));
        }
    }

    /// What a function of ours said; the library only says which one failed.
    private static Optional<String> cause(Throwable e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException said && said.getMessage() != null) {
                return Optional.of(said.getMessage());
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return expression;
    }
}
