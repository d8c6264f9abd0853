#!/bin/bash
# boot.sh DIR: a real systemd as PID 1 of new namespaces, on this machine's file system below an overlay in memory:
# nothing is written to the machine. DIR/in COMMAND… runs in it, DIR/down ends it. Needs root, systemd and util-linux.
set -euo pipefail
export W=$1
mkdir -p "$W/ov" "$W/root"
cat >"$W/inside" <<'I'
mount --make-rprivate /
mount -t tmpfs tmpfs $W/ov; mkdir $W/ov/upper $W/ov/work; R=$W/root
mount -t overlay -o lowerdir=/,upperdir=$W/ov/upper,workdir=$W/ov/work overlay $R
mount -t proc proc $R/proc
# Else systemd-sysctl would write the machine's own settings.
mount --bind $R/proc/sys $R/proc/sys; mount -o remount,bind,ro $R/proc/sys
mount -t tmpfs tmpfs $R/run; mount -t sysfs -o ro sysfs $R/sys
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
  mount -t cgroup2 cgroup2 $R/sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs $R/sys/fs/cgroup; mkdir $R/sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup $R/sys/fs/cgroup/systemd
fi
mount -t tmpfs -o mode=755 tmpfs $R/dev
for d in null zero full random urandom tty; do touch $R/dev/$d; mount --bind /dev/$d $R/dev/$d; done
mkdir $R/dev/pts $R/dev/shm; mount -t tmpfs tmpfs $R/dev/shm; ln -s /proc/self/fd $R/dev/fd
S=$R/etc/systemd/system; mkdir -p $S; rm -rf $S/*.wants
for u in systemd-sysctl systemd-modules-load systemd-remount-fs systemd-binfmt systemd-timesyncd systemd-udevd \
  systemd-logind systemd-tmpfiles-setup getty@tty1 console-getty; do ln -sf /dev/null $S/$u.service; done
ln -sf /dev/null $S/tmp.mount
hostname sdlab; cd $R; mkdir -p old; pivot_root . old; umount -l /old
exec env -i container=lab PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=multi-user.target --show-status=0
I
CG=medic-$$
( for c in /sys/fs/cgroup/systemd /sys/fs/cgroup; do
    if [ -w $c/cgroup.procs ]; then mkdir -p $c/$CG; echo $BASHPID >$c/$CG/cgroup.procs; break; fi
  done
  exec setsid unshare -p -m -n -u -i -C --fork bash "$W/inside" ) >"$W/log" 2>&1 &
U=$!
printf '#!/bin/bash\nexec nsenter -t $(cat %s/pid) -a env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"\n' "$W" >"$W/in"
cat >"$W/down" <<D
#!/bin/bash
kill -9 \$(cat "$W/pid") $U 2>/dev/null; sleep 0.3
for c in /sys/fs/cgroup/systemd/$CG /sys/fs/cgroup/$CG; do find \$c -depth -type d -exec rmdir {} \; 2>/dev/null; done
exit 0
D
chmod +x "$W/in" "$W/down"
for _ in $(seq 400); do
  p=$(pgrep -P $U || true)
  if [ -n "$p" ]; then
    echo "$p" >"$W/pid"
    [ "$("$W/in" systemctl is-system-running 2>/dev/null)" != running ] || exit 0
  fi
  sleep 0.05
done
echo "systemd did not come up: $(tail -3 "$W/log")" >&2
exit 1
