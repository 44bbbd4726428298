#!/usr/bin/env bash
# disk_image.sh Propmaster.app Propmaster.dmg: signs, packs, and has Apple notarise, as far as the environment allows.
# SIGN_AS is the name of a "Developer ID Application" certificate in the keychain; NOTARY_PROFILE one that
# `xcrun notarytool store-credentials` made. Without them the image is made unsigned, which Gatekeeper warns of.
set -euo pipefail
application=$1 image=$2
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${SIGN_AS:-}" ]; then
    # From the inside out: whatever is loaded must be signed before what holds it.
    find "$application" -type f \( -name '*.so' -o -name '*.dylib' \) -print0 |
        xargs -0 codesign --force --timestamp --options runtime --sign "$SIGN_AS"
    codesign --force --timestamp --options runtime --entitlements "$here/entitlements.plist" --sign "$SIGN_AS" "$application"
    codesign --verify --strict "$application"
fi

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
cp -R "$application" "$staging/"
ln -s /Applications "$staging/Applications"
hdiutil create -volname Propmaster -srcfolder "$staging" -format ULFO -ov "$image"

if [ -n "${SIGN_AS:-}" ] && [ -n "${NOTARY_PROFILE:-}" ]; then
    codesign --timestamp --sign "$SIGN_AS" "$image"
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
