# What ./install, ./uninstall and ./check share. Plain POSIX sh; each of them is in the kit's directory.
# illumos has the utilities of POSIX in /usr/xpg4/bin where its own differ.
PATH=/usr/xpg4/bin:$PATH:/usr/sbin:/sbin
destination=${DESTDIR:-}
brands=$destination${BRANDDIR:-/usr/lib/brand}
# What was laid out (`file CHECKSUM SIZE PATH` and `directory PATH`), and what was there before.
state=$destination/var/hvm-brand
record=$state/record
saved=$state/saved

die() { # LINE...
	for line; do echo "${0##*/}: $line"; done >&2
	exit 1
}

# libxml2 by the names that there are programs for, the newer one first: that below DESTDIR or, when none is there, the host's.
libxml2() {
	for root in "$destination" ''; do
		for name in libxml2.so.16 libxml2.so.2; do
			[ ! -e "$root/usr/lib/amd64/$name" ] || { echo "$name"; return; }
		done
	done
}

# A file of the kit by its name in the manifest: a program that was built here, or the ready one that suits the host's libxml2.
source_of() { # SOURCE
	case $1 in
	hooks/*) for directory in built bin "${xml:-libxml2.so.2}"; do
		[ ! -f "$directory/${1#hooks/}" ] || { echo "$directory/${1#hooks/}"; return; }
	done ;;
	*) echo "$1" ;;
	esac
}

# MODE SOURCE TARGET, a line a file
layout() {
	while read -r mode source place; do
		case $place in
		BRANDDIR/*) echo "$mode $(source_of "$source") $brands/${place#BRANDDIR/}" ;;
		*) echo "$mode $(source_of "$source") $destination/$place" ;;
		esac
	done <manifest
}

# CHECKSUM SIZE of a file
sum_of() { cksum <"$1" | { read -r sum size rest; echo "$sum $size"; }; }

# True when the file is what was laid out there.
is_ours() { # PATH
	[ -f "$record" ] && [ -f "$1" ] && [ ! -h "$1" ] && grep -Fx "file $(sum_of "$1") $1" "$record" >/dev/null
}

exists() { [ -e "$1" ] || [ -h "$1" ]; } # PATH

# Gives a file another name, in one step: what was there is replaced, and what runs from it goes on. Whether ln follows a link
# differs from system to system.
name_also() { # FILE PATH
	rm -f "$2.hvm-new"
	if [ -h "$1" ]; then
		ln -s "$(ls -ld "$1" | sed 's/.* -> //')" "$2.hvm-new"
	else
		ln "$1" "$2.hvm-new" 2>/dev/null || cp -p "$1" "$2.hvm-new"
	fi
	mv -f "$2.hvm-new" "$2"
}

# Running zones of these brands, a name a line. There are none below another root directory.
running_zones() {
	[ -z "$destination" ] || return 0
	zoneadm list -p | while IFS=: read -r id name zone_state path uuid brand rest; do
		case $brand in bhyve | kvm) echo "$name" ;; esac
	done
}

# Takes back what was laid out at a path: what was there before returns. What is there by now and not ours is left alone.
take_back() { # PATH
	rm -f "$1.hvm-new"
	if exists "$1" && ! is_ours "$1"; then
		echo "left      $1, which is not what was laid out"
	elif exists "$saved$1"; then
		name_also "$saved$1" "$1"
		rm -f "$saved$1"
		echo "put back  $1"
	elif exists "$1"; then
		rm -f "$1"
		echo "removed   $1"
	fi
}
