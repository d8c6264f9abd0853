package io.etcdmedic.bytes;

/// Who is told how far a long work is. Any thread may tell.
public interface Progress {
    /// Nobody wants to know.
    Progress UNSEEN = new Progress() {
        @Override
        public void at(long done, long all) {}

        @Override
        public void end() {}
    };

    /// @param done of `all`, about, in the unit that the listener was made for
    void at(long done, long all);

    /// The work has ended, well or not; another one may follow.
    void end();
}
