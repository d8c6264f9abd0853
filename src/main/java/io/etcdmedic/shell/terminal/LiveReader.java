package io.etcdmedic.shell.terminal;

import io.etcdmedic.shell.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;

/// JLine's line editor, whose prompt can change while somebody types, and that takes no more than a line may hold.
final class LiveReader extends LineReaderImpl {
    /// In characters: a shorter line is shown with each of them.
    private static final int LONG_LINE = 1_000;

    private final InputStream typed;

    /// @param typed the terminal's input, only asked whether there is more
    LiveReader(Terminal terminal, Completer completer, InputStream typed) throws IOException {
        super(terminal, "medic", new HashMap<>());
        this.typed = typed;
        setParser(new LineParser());
        setCompleter(completer);
        setHistory(new HistoryFile());
        setVariable(LineReader.SECONDARY_PROMPT_PATTERN, "… ");
        setVariable(LineReader.LIST_MAX, 200);
        setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
        setOpt(LineReader.Option.HISTORY_IGNORE_SPACE);
        setOpt(LineReader.Option.AUTO_FRESH_LINE);
        unsetOpt(LineReader.Option.COMPLETE_MATCHER_TYPO);
        unsetOpt(LineReader.Option.COMPLETE_MATCHER_CAMELCASE);
        unsetOpt(LineReader.Option.INSERT_TAB);
        unsetOpt(LineReader.Option.AUTO_PARAM_SLASH);
        unsetOpt(LineReader.Option.AUTO_REMOVE_SLASH);
    }

    /// Shows another prompt before the line that is being typed; what is typed stays.
    ///
    /// @return whether a line is being read at all
    boolean show(String newPrompt) {
        lock.lock();
        try {
            if (reading) {
                setPrompt(newPrompt);
                boolean _ = redisplay();
            }
            return reading;
        } finally {
            lock.unlock();
        }
    }

    /// What comes faster than anybody types, as from a terminal that pastes without saying so, is shown once it
    /// stops: showing costs what the line is long.
    @Override
    protected void redisplay(boolean flush) {
        if (!reading || buf.length() < LONG_LINE || !hasMore()) {
            super.redisplay(flush);
        }
    }

    /// What is more than a line may hold is dropped, up to its end: that it is too long is said when it is entered.
    @Override
    protected boolean selfInsert() {
        if (buf.length() <= Splitter.CHARACTERS_MAX) {
            return super.selfInsert();
        }
        while (hasMore()) {
            int next = readCharacter();
            if (next == '\r' || next == '\n') {
                runMacro(Character.toString(next));
                break;
            }
        }
        return true;
    }

    private boolean hasMore() {
        try {
            return typed.available() > 0;
        } catch (IOException unknown) {
            return false;
        }
    }
}
