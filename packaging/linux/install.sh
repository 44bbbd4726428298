#!/bin/sh
# Puts Propmaster into your menus and file managers, for you alone; `./install.sh --remove` takes it out again.
# The program stays in this folder, and what it knows in ~/.local/share/propmaster.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
bin=$HOME/.local/bin
(cd "$here/share" && find . -type f) | while read -r file; do
    if [ "${1:-}" = --remove ]; then
        rm -f "$data/$file"
    else
        mkdir -p "$(dirname "$data/$file")"
        case $file in
            # Menus do not know ~/.local/bin on every system.
            *.desktop | *.nemo_action) sed "s|^Exec=propmaster|Exec=\"$here/propmaster\"|" "$here/share/$file" >"$data/$file" ;;
            *) cp "$here/share/$file" "$data/$file" ;;
        esac
        # Dolphin runs actions of the user's own only if they are executable.
        case $file in */servicemenus/*) chmod +x "$data/$file" ;; esac
    fi
done
if [ "${1:-}" = --remove ]; then
    rm -f "$bin/propmaster"
else
    mkdir -p "$bin"
    ln -sf "$here/propmaster" "$bin/propmaster"
fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$data/applications" || true; fi
