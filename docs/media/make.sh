#!/usr/bin/env bash
# Makes the sounds and pictures of the READMEs with the shipped model. From the root of the checkout, after `npm run demo`
# (which writes the melody and real notes): bash docs/media/make.sh
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
demo=../../gansynth-demo
gansynth() { node ../../packages/cli/dist/main.js "$@" --quiet > /dev/null; }

gansynth scale --model mini --latent 4 --step 2 --seconds 0.6 --out "$work/scale"
cp "$work/scale/scale.wav" scale.wav
gansynth interpolate --model mini --from 1 --to 9 --steps 6 --seconds 1 --wave --out "$work/between"
cp "$work/between/latent/C4.wav" interpolation-latent.wav
cp "$work/between/wave/C4.wav" interpolation-wave.wav
gansynth midi "$demo/melody.mid" --model mini --instruments 3 --seed 2 --out melody.wav
gansynth project "$demo/notes/audio/reed_acoustic_871-060-100.wav" --model mini --out "$work/projection"
cp "$work/projection/recording.wav" projection-recording.wav
cp "$work/projection/answer.wav" projection-answer.wav
gansynth generate --model mini --pitches C4 --count 8 --seed 1 --out "$work/notes" --row notes.wav
gansynth rainbowgram scale.wav interpolation-*.wav melody.wav projection-*.wav --width 480 --height 128 --out .
gansynth rainbowgram "$work/notes" --width 118 --height 128 --sheet notes.png --columns 8
gansynth rainbowgram "$demo"/notes/audio/*-060-100.wav --width 118 --height 128 --sheet real.png
