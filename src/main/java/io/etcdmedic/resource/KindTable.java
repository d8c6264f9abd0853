package io.etcdmedic.resource;

import io.etcdmedic.document.Document;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The columns of one kind, and what stands in them for one object: a cell a heading, those of `-o wide` too.
public record KindTable(List<Heading> headings, Function<Subject, List<Document>> cells) {
    /// What kubectl shows of a kind that it knows nothing about.
    static final KindTable NAME_AND_AGE = of(s -> Subject.row(s.name(), s.age()), "Name", "Age");

    public KindTable {
        headings = List.copyOf(headings);
    }

    static KindTable of(Function<Subject, List<Document>> cells, String... headings) {
        return new KindTable(Stream.of(headings).map(Heading::of).toList(), cells);
    }

    /// @param wide whether the columns of `-o wide` are wanted
    public List<Heading> headings(boolean wide) {
        return headings.stream().filter(h -> wide || !h.wide()).toList();
    }

    /// The cells under [#headings(boolean)] as the subject wants them.
    public List<Document> row(Subject subject) {
        List<Document> all = cells.apply(subject);
        return java.util.stream.IntStream.range(0, headings.size())
                .filter(i -> subject.wide() || !headings.get(i).wide())
                .mapToObj(i -> i < all.size() ? all.get(i) : Document.Nil.NULL)
                .toList();
    }
}
