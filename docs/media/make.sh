#!/usr/bin/env bash
# Makes the sounds and pictures of the READMEs with the shipped model. From the root of the checkout, after `npm run demo`
# (which writes the melody and real notes): bash docs/media/make.sh [collection]; with the others-fluid of packages/model-mini/README.md it
# also draws the real notes of the same instruments.
set -euo pipefail
[ $# -eq 0 ] || collection=$(realpath "$1")
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
demo=../../gansynth-demo
gansynth() { node ../../packages/cli/dist/main.js "$@" --quiet > /dev/null; }

gansynth scale --model mini --latent clarinet --step 2 --seconds 0.6 --out "$work/scale"
cp "$work/scale/scale.wav" scale.wav
gansynth interpolate --model mini --from flute --to harpsichord --steps 6 --seconds 1 --wave --out "$work/between"
cp "$work/between/latent/C4.wav" interpolation-latent.wav
cp "$work/between/wave/C4.wav" interpolation-wave.wav
gansynth midi "$demo/melody.mid" --model mini --instruments 3 --seed 2 --out melody.wav
gansynth project "$demo/notes/audio/reed_acoustic_871-060-100.wav" --model mini --out "$work/projection"
cp "$work/projection/recording.wav" projection-recording.wav
cp "$work/projection/answer.wav" projection-answer.wav
gansynth generate --model mini --instruments piano,guitar,trumpet --velocities 30,75,120 --pitches C4 --count 1 --seed 1 --out "$work/velocities" --row velocities.wav
gansynth generate --model mini --instruments all --pitches C4 --count 1 --seed 1 --out "$work/notes" --row notes.wav
gansynth rainbowgram scale.wav interpolation-*.wav melody.wav projection-*.wav velocities.wav --width 480 --height 128 --out .
gansynth rainbowgram "$work/notes" --width 118 --height 128 --sheet notes.png --columns 6
gansynth rainbowgram "$demo"/notes/audio/*-060-100.wav --width 118 --height 128 --sheet real.png
if [ $# -gt 0 ]; then
  mkdir "$work/real"
  i=10
  for instrument in $(node -p 'require("../../packages/model-mini/model/gansynth.json").details.recipe.model.instruments.join(" ")'); do
    cp "$collection/audio/$instrument-060-050.wav" "$work/real/$((i++)).wav"
  done
  gansynth rainbowgram "$work/real" --width 118 --height 128 --sheet notes-real.png --columns 6
fi
