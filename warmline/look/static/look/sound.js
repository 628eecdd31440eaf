// Heard and felt: whoever scans looks at the tins and not at the phone.
export function sound(hertz, seconds, buzz) {
  navigator.vibrate?.(buzz);
  const player = new AudioContext();
  const tone = player.createOscillator();
  const volume = player.createGain();
  volume.gain.value = 0.08;
  tone.frequency.value = hertz;
  tone.connect(volume).connect(player.destination);
  tone.start();
  tone.stop(player.currentTime + seconds);
  tone.addEventListener("ended", () => player.close());
}
