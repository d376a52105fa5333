#!/bin/sh
# Mounts the data volume. Makes a file system only on a volume that has never held anything.
set -eu
device=/dev/disk/by-id/scsi-0HC_Volume_{{volume id}}
target=/mnt/olympus-data

# The volume is attached after the machine has booted.
waited=0
until [ -e "$device" ]; do
  [ "$waited" -lt 300 ] || { echo "$device did not appear within 300 s: is the volume attached?" >&2; exit 1; }
  sleep 2
  waited=$((waited + 2))
done

if ! blkid -p "$device" >/dev/null 2>&1; then
  # Nothing recognised is not yet nothing there: only a beginning that can be read and is blank may be formatted.
  if ! cmp -s -n 1048576 "$device" /dev/zero; then
    echo "$device holds data of no known file system: not formatted, not mounted" >&2
    exit 1
  fi
  mkfs.ext4 -q -L olympus-data "$device"
fi

mkdir -p "$target"
# Data, and no way to more rights: whoever writes to a container's folder makes neither a device nor a program of root's.
options=noatime,nosuid,nodev
if mountpoint -q "$target"; then mount -o "remount,$options" "$target"; else mount -o "$options" "$device" "$target"; fi
# A volume that was enlarged at Hetzner grows here.
resize2fs "$(readlink -f "$device")" >/dev/null 2>&1 || echo "$device keeps the size of its file system" >&2

# A machine made anew on this volume is known by the key of the one before it. Root alone reads it; no container sees it,
# and no backup holds it. What does not read as a key is no key: then this machine's own is kept.
kept=$target/ssh/ssh_host_ed25519_key
own=/etc/ssh/ssh_host_ed25519_key
if ssh-keygen -y -P '' -f "$kept" >/dev/null 2>&1; then
  if ! cmp -s "$kept" "$own"; then
    ssh-keygen -y -P '' -f "$kept" >"$own.pub.new"
    install -m 600 "$kept" "$own.new"
    mv "$own.new" "$own"
    mv "$own.pub.new" "$own.pub"
    systemctl --no-block try-reload-or-restart ssh.service
  fi
elif [ -e "$own" ]; then
  [ -d "$target/ssh" ] || mkdir -m 700 "$target/ssh"
  install -m 600 "$own" "$kept.new"
  sync "$kept.new"
  mv "$kept.new" "$kept"
fi

# Swap lives on the server's own disk: it is not data.
if [ ! -e /swapfile ]; then
  fallocate -l 2G /swapfile.new && chmod 600 /swapfile.new && mkswap -q /swapfile.new && mv /swapfile.new /swapfile
fi
swapon --show=NAME --noheadings | grep -qx /swapfile || swapon /swapfile || echo "no swap: the kernel refused it" >&2
