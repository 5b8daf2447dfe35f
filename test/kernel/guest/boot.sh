# Second program of the guest (its process 1), over the machine's own root: the rest of the file systems, the modules, udev, then the job. Its last words are the verdict.
# shellcheck shell=bash disable=SC1090,SC2154
. "$1"

# At fixed places, so that an ordinary user of the guest reaches them even if they lie in somebody's closed home.
mkdir -p /opt/modemctl /opt/node/bin
mount --bind "$MODEMCTL_CHECKOUT" /opt/modemctl
mount --bind "$MODEMCTL_KERNEL_WORK/dist" /opt/modemctl/dist
touch /opt/node/bin/node
mount --bind "$MODEMCTL_NODE" /opt/node/bin/node
export PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /opt/modemctl || exit

mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock
chmod 1777 /run/lock
for user in root:0 stranger:1001 dialout:1002; do
  mkdir -p "/run/user/${user##*:}" "/run/home/${user%%:*}"
  chown "${user##*:}:${user##*:}" "/run/user/${user##*:}" "/run/home/${user%%:*}"
done
chmod 700 /run/user/*
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
rm -rf /var/lock && ln -s /run/lock /var/lock

mkdir -p "/lib/modules/$MODEMCTL_KERNEL_VERSION"
mount --bind "$MODEMCTL_KERNEL_TREE/lib/modules/$MODEMCTL_KERNEL_VERSION" "/lib/modules/$MODEMCTL_KERNEL_VERSION"

export HOME=/run/home/root LANG=C.UTF-8 TERM=${TERM:-dumb}
hostname guest 2>/dev/null || busybox hostname guest
busybox ifconfig lo 127.0.0.1 up

# What a USB modem needs is left to udev to load, as on a real machine; the bus itself nobody would ask for.
modprobe -a vhci_hcd ppp_async ppp_deflate 2>&1
/lib/systemd/systemd-udevd --daemon 2>/dev/null
udevadm trigger --action=add --subsystem-match=tty --subsystem-match=usb --subsystem-match=misc --subsystem-match=mem --subsystem-match=ppp
udevadm settle --timeout=60

talk=/dev/hvc0
if [ "$job_mode" = shell ]; then
  echo "Kernel $MODEMCTL_KERNEL_VERSION; exit ends the guest." >$talk
  setsid -c -w bash -i <$talk >$talk 2>&1
else
  stty -F $talk raw -echo
  {
    bash -c "$job_command" </dev/null 2>&1
    printf '\n@@verdict %s\n' "$?"
  } | cat >$talk
fi
sleep 0.2
sync
busybox poweroff -f
