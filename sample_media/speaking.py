"""Speech at known samples: espeak-ng speaks each phrase, silence at its edges is cut, and it is laid where it belongs."""

import io
import subprocess

import numpy as np
from numpy.typing import NDArray
from pydub import AudioSegment

RATE = 48_000
Samples = NDArray[np.int16]
QUIET = 200  # of 32767: below this espeak-ng's edges are silence


def say(text: str, *, voice: str, speed: int = 150, pitch: int = 50) -> Samples:
    """One phrase as mono samples at RATE, beginning and ending with sound."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    clip = AudioSegment.from_wav(io.BytesIO(spoken)).set_frame_rate(RATE).set_channels(1).set_sample_width(2)
    samples = np.array(clip.get_array_of_samples(), dtype=np.int16)
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > QUIET)
    return samples[loud[0] : loud[-1] + 1]


def lay(phrases: list[tuple[float, str, Samples]], seconds: float) -> tuple[Samples, list[dict[str, object]]]:
    """Phrases at their start times on silence; and the truth: where each starts and ends, in samples and seconds."""
    track = np.zeros(round(seconds * RATE), dtype=np.int16)
    truth: list[dict[str, object]] = []
    for start, choice, samples in phrases:
        first = round(start * RATE)
        last = min(first + len(samples), len(track))
        track[first:last] = samples[: last - first]
        truth.append(
            {"choice": choice, "start": first / RATE, "end": last / RATE, "start_sample": first, "end_sample": last}
        )
    return track, truth


def music(seconds: float, *, level: float = 0.12) -> Samples:
    """A plain chord progression, ours."""
    time = np.arange(round(seconds * RATE)) / RATE
    chords = ((261.63, 329.63, 392.0), (220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (196.0, 246.94, 293.66))
    tune = np.zeros_like(time)
    for number, chord in enumerate(chords * int(seconds // 4 + 1)):
        beat = (time >= number) & (time < number + 1)
        envelope = np.exp(-3 * (time[beat] - number))
        for tone in chord:
            tune[beat] += np.sin(2 * np.pi * tone * time[beat]) * envelope
    return (tune / 3 * level * 32767).astype(np.int16)


def mix(*tracks: Samples) -> Samples:
    longest = max(len(track) for track in tracks)
    total = np.zeros(longest, dtype=np.int32)
    for track in tracks:
        total[: len(track)] += track
    return np.clip(total, -32768, 32767).astype(np.int16)
