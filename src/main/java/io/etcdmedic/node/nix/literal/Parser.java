package io.etcdmedic.node.nix.literal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads one file of Nix into a [Term].
public final class Parser {
    /// What is deeper is no configuration. A bracket counts twice; at this depth the stack holds some 1,500 calls.
    private static final int DEPTH_MAX = 300;

    private static final int PATH_NAMES_MAX = 64;
    private static final Set<String> KEYWORDS =
            Set.of("let", "in", "with", "rec", "inherit", "if", "then", "else", "assert", "or");

    /// From the loosest to the tightest; `?`, `-x`, application and selection bind tighter.
    private static final List<List<String>> OPERATORS = List.of(
            List.of("->"),
            List.of("||"),
            List.of("&&"),
            List.of("==", "!="),
            List.of("<=", ">=", "<", ">"),
            List.of("//"),
            List.of("+", "-"),
            List.of("*", "/"),
            List.of("++"));

    private final Scanner in;
    private int depth;
    private String taken = "";

    private Parser(String text) {
        this.in = new Scanner(text);
    }

    /// @throws SyntaxFault when it is not Nix, or nested deeper than anybody writes
    public static Term parse(String text) {
        Parser parser = new Parser(text);
        Term term = parser.expression();
        parser.in.blanks();
        if (!parser.in.atEnd()) {
            throw new SyntaxFault("more after the end of the expression: '" + parser.in.peek() + "'", parser.in.line());
        }
        return term;
    }

    Term expression() {
        deeper();
        try {
            in.blanks();
            int line = in.line();
            if (in.takeWord("let")) {
                List<Term.Binding> bindings = bindings("in");
                return new Term.Let(bindings, expression(), line);
            }
            if (in.takeWord("with")) {
                Term scope = expression();
                in.expect(";");
                return new Term.With(scope, expression(), line);
            }
            if (in.takeWord("assert")) {
                expression();
                in.expect(";");
                return expression();
            }
            if (in.takeWord("if")) {
                Term condition = expression();
                word("then");
                Term then = expression();
                word("else");
                return new Term.If(condition, then, expression(), line);
            }
            Optional<Term> lambda = lambda(line);
            return lambda.isPresent() ? lambda.get() : operation(0);
        } finally {
            depth--;
        }
    }

    private void deeper() {
        if (++depth > DEPTH_MAX) {
            throw SyntaxFault.beyond("nested more than " + DEPTH_MAX + " deep", in.line());
        }
    }

    private void word(String word) {
        if (!in.takeWord(word)) {
            throw new SyntaxFault("expected '" + word + "'", in.line());
        }
    }

    /// `x: body`, `{ a, b ? 1, ... }: body`, `args@{ … }: body`, `{ … }@args: body`; empty when it is something
    /// else.
    private Optional<Term> lambda(int line) {
        int start = in.position();
        String name = "";
        if (in.isNameAhead()) {
            name = in.name();
            if (KEYWORDS.contains(name)) {
                in.back(start);
                return Optional.empty();
            }
            in.blanks();
            if (in.peek() == ':' && !Scanner.isPathPart(in.peek(1))) {
                in.expect(":");
                return Optional.of(new Term.Lambda(name, List.of(), expression(), line));
            }
            if (!in.take("@")) {
                in.back(start);
                return Optional.empty();
            }
        }
        Optional<List<String>> pattern = pattern();
        if (pattern.isEmpty()) {
            in.back(start);
            return Optional.empty();
        }
        if (in.take("@")) {
            name = in.name();
        }
        if (!in.take(":")) {
            in.back(start);
            return Optional.empty();
        }
        return Optional.of(new Term.Lambda(name, pattern.get(), expression(), line));
    }

    private Optional<List<String>> pattern() {
        if (!in.take("{")) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>();
        while (!in.take("}")) {
            if (in.take("...")) {
                in.take(",");
                continue;
            }
            if (!in.isNameAhead()) {
                return Optional.empty();
            }
            names.add(in.name());
            if (in.take("?")) {
                try {
                    expression();
                } catch (SyntaxFault notAPattern) {
                    return Optional.empty();
                }
            }
            if (!in.take(",") && !in.isAhead("}")) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /// Operators that bind at least as tightly as `level`, by precedence climbing.
    private Term operation(int level) {
        Term left = unary();
        for (int found = operator(level); found >= 0; found = operator(level)) {
            int line = in.line();
            String operator = taken;
            left = new Term.Operation(operator, left, operation(found + 1), line);
        }
        return left;
    }

    /// The level of the operator that was taken; -1 when none is ahead.
    private int operator(int level) {
        in.blanks();
        for (int i = level; i < OPERATORS.size(); i++) {
            for (String operator : OPERATORS.get(i)) {
                boolean longer = operator.equals("+") && in.isAhead("++")
                        || operator.equals("/") && in.isAhead("//")
                        || operator.equals("-") && in.isAhead("->");
                if (!longer && in.take(operator)) {
                    taken = operator;
                    return i;
                }
            }
        }
        return -1;
    }

    private Term unary() {
        deeper();
        try {
            return prefixed();
        } finally {
            depth--;
        }
    }

    private Term prefixed() {
        in.blanks();
        int line = in.line();
        if (in.peek() == '!' && in.peek(1) != '=') {
            in.expect("!");
            return new Term.Not(unary(), line);
        }
        if (in.peek() == '-' && in.peek(1) != '>') {
            in.expect("-");
            return new Term.Operation("-", new Term.Num("0", line), unary(), line);
        }
        Term term = application();
        while (in.isAhead("?")) {
            in.expect("?");
            path();
            term = new Term.Operation("?", term, term, line);
        }
        return term;
    }

    private Term application() {
        Term function = selection();
        while (startsOperand()) {
            function = new Term.Apply(function, selection(), function.line());
        }
        return function;
    }

    private boolean startsOperand() {
        in.blanks();
        char c = in.peek();
        if (Scanner.isNameStart(c)) {
            int start = in.position();
            String word = in.name();
            in.back(start);
            return !KEYWORDS.contains(word) || word.equals("rec") || word.equals("let");
        }
        return c >= '0' && c <= '9'
                || c == '"'
                || c == '('
                || c == '['
                || c == '{'
                || c == '\'' && in.peek(1) == '\''
                || isPathAhead();
    }

    private boolean isPathAhead() {
        char c = in.peek();
        return c == '.' && (in.peek(1) == '/' || in.peek(1) == '.' && in.peek(2) == '/')
                || c == '/' && Scanner.isPathPart(in.peek(1)) && in.peek(1) != '/'
                || c == '~' && in.peek(1) == '/'
                || c == '<' && Scanner.isNameStart(in.peek(1));
    }

    private Term selection() {
        Term term = operand();
        while (in.takeDot()) {
            List<Term> path = path();
            Optional<Term> otherwise = in.takeWord("or") ? Optional.of(selection()) : Optional.empty();
            term = new Term.Select(term, path, otherwise, term.line());
        }
        return term;
    }

    /// `a.b."c".${d}`.
    private List<Term> path() {
        List<Term> path = new ArrayList<>();
        do {
            in.blanks();
            int line = in.line();
            if (in.peek() == '"') {
                path.add(new Strings(in, this).quoted());
            } else if (in.take("${")) {
                path.add(expression());
                in.expect("}");
            } else {
                path.add(new Term.Name(in.name(), line));
            }
            if (path.size() > PATH_NAMES_MAX) {
                throw SyntaxFault.beyond("a path of more than " + PATH_NAMES_MAX + " names", line);
            }
        } while (in.takeDot());
        return path;
    }

    private Term operand() {
        in.blanks();
        int line = in.line();
        char c = in.peek();
        if (c == '"') {
            return new Strings(in, this).quoted();
        }
        if (c == '\'' && in.peek(1) == '\'') {
            return new Strings(in, this).indented();
        }
        if (isPathAhead()) {
            return new Term.PathLiteral(
                    in.takeWhile(p -> Scanner.isPathPart(p) || p == '~' || p == '<' || p == '>'), line);
        }
        if (c >= '0' && c <= '9') {
            return new Term.Num(in.takeWhile(d -> d >= '0' && d <= '9' || d == '.'), line);
        }
        if (in.take("(")) {
            Term inner = expression();
            in.expect(")");
            return inner;
        }
        if (in.take("[")) {
            List<Term> elements = new ArrayList<>();
            deeper();
            while (!in.take("]")) {
                elements.add(selection());
            }
            depth--;
            return new Term.ListOf(elements, line);
        }
        if (in.takeWord("rec")) {
            in.expect("{");
            return new Term.Attrs(true, bindings("}"), line);
        }
        if (in.take("{")) {
            return new Term.Attrs(false, bindings("}"), line);
        }
        String name = in.name();
        if (KEYWORDS.contains(name)) {
            throw new SyntaxFault("unexpected '" + name + "'", line);
        }
        return new Term.Name(name, line);
    }

    private List<Term.Binding> bindings(String end) {
        List<Term.Binding> bindings = new ArrayList<>();
        while (!(end.equals("in") ? in.takeWord("in") : in.take(end))) {
            int line = in.line();
            if (in.takeWord("inherit")) {
                inherit(bindings);
            } else {
                List<Term> path = path();
                in.expect("=");
                Term value = expression();
                in.expect(";");
                bindings.add(new Term.Binding(path, value, false, line));
            }
        }
        return bindings;
    }

    private void inherit(List<Term.Binding> bindings) {
        Optional<Term> from = Optional.empty();
        if (in.take("(")) {
            from = Optional.of(expression());
            in.expect(")");
        }
        while (!in.take(";")) {
            in.blanks();
            int line = in.line();
            Term name = in.peek() == '"' ? new Strings(in, this).quoted() : new Term.Name(in.name(), line);
            Term value = from.<Term>map(f -> new Term.Select(f, List.of(name), Optional.empty(), line))
                    .orElse(name);
            bindings.add(new Term.Binding(List.of(name), value, from.isEmpty(), line));
        }
    }
}
