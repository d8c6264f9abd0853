package io.etcdmedic.shell.terminal;

import io.etcdmedic.shell.Splitter;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Our grammar for JLine: when a line is whole, and which word the cursor is in.
final class LineParser implements Parser {

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.ACCEPT_LINE && Splitter.goesOn(line)) {
            throw new EOFError(-1, -1, "the line goes on", "");
        }
        return Half.of(line.substring(0, Math.min(cursor, line.length())), line, cursor);
    }

    @Override
    public boolean isEscapeChar(char c) {
        return false;
    }

    @Override
    public boolean validVariableName(String name) {
        return false;
    }

    @Override
    public boolean validCommandName(String name) {
        return true;
    }

    /// The words before the cursor, and the one that it stands at the end of.
    ///
    /// @param words whole ones, then the current one
    /// @param rawStart where the current word begins in the line
    record Half(List<String> words, int rawStart, String line, int cursor) implements CompletingParsedLine {

        static Half of(String head, String line, int cursor) {
            Splitter.Beginning beginning = Splitter.beginning(head);
            return new Half(beginning.words(), beginning.start(), line, cursor);
        }

        @Override
        public String word() {
            return words.getLast();
        }

        @Override
        public int wordCursor() {
            return word().length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return Splitter.quoted(candidate.toString());
        }

        @Override
        public int rawWordCursor() {
            return cursor - rawStart;
        }

        @Override
        public int rawWordLength() {
            return cursor - rawStart;
        }
    }
}
