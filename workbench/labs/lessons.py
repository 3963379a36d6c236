"""A question for each lab: predict, try, and compare with what is claimed."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Lesson:
    """``question`` with ``answers``, of which number ``right`` is; what to ``do`` to see it, and ``claim`` says why."""

    question: str
    answers: tuple[str, ...]
    right: int
    do: str
    claim: str


LESSONS = MappingProxyType({
    "convolution": Lesson(
        "A filter of 5×5 slides over a colour picture of 32×32. How many weights has it, and how large is its map?",
        ("25 weights, 32×32", "75 weights, 28×28", "75 weights, 32×32", "76,800 weights, 28×28"),
        1,
        "Choose the cat in colour and a filter of size 5.",
        "It has 5·5·3 = 75 weights, one for each value under it, and 32 − 5 + 1 = 28 places to lie in each direction. "
        "With a padding of 2 the map would keep its 32.",
    ),
    "pooling": Lesson(
        "A picture is moved by one pixel. Which changes least?",
        ("each window's largest value", "a convolution with a stride", "the picture itself"),
        0,
        "Type a bright value into an empty picture, then the same value one cell further in the same window.",
        "While the bright value stays in its window, the largest value is the same: pooling forgets where exactly.",
    ),
    "one_by_one": Lesson(
        "How much cheaper does a bottleneck of 16 maps make inception 3a's 5×5 branch?",
        ("twice", "about ten times", "sixteen times"),
        1,
        "Open the second page, and try other bottlenecks.",
        "15,872 weights in place of 153,600: 9.7 times fewer. Part of the price is the 1×1 filters themselves.",
    ),
    "normalization": Lesson(
        "One feature has values ten times as large as the other. How much longer does the best descent take than on "
        "normalized features?",
        ("ten times", "some hundred times", "as long, with a larger rate"),
        1,
        "Press 'Best rate for the valley', and give the normalized one a rate of 1.",
        "The condition number is 10² = 100. 691 steps against one: the rate must suit the steepest direction, and is a "
        "hundred times too small for the flat one.",
    ),
    "overfitting": Lesson(
        "Which helps most when a hundred images are all there is?",
        ("a penalty on the weights", "images shifted and turned", "a much smaller network", "stopping early"),
        1,
        "Press Start, and compare the column of the best validation loss.",
        "Augmentation brings something new to learn from. Penalties and early stopping only hold back; a network "
        "that is too small cannot even learn what is there.",
    ),
    "depth": Lesson(
        "Which network has the highest loss on the images that it is trained with?",
        ("plain with 20 layers", "plain with 56 layers", "residual with 20 layers", "residual with 56 layers"),
        1,
        "Press Start and wait for the eighth epoch.",
        "It is not overfitting: it cannot be trained. With shortcuts 56 layers learn.",
    ),
    "capacity": Lesson(
        "LeNet-5 grows from half its width to twice its width and sees the same hundred images. What happens to its "
        "losses at the end?",
        ("both fall", "training falls, validation rises", "both rise"),
        1,
        "Press Start and look at the right end of the ladder.",
        "What it gains in capacity it spends on learning by heart: the training loss falls, the validation loss rises.",
    ),
    "inception": Lesson(
        "Without bottlenecks, how many maps leave the block that 192 maps entered?",
        ("192", "256", "416"),
        2,
        "Switch the bottlenecks off.",
        "64 + 128 + 32 and all 192 of the pooling: 416. Each block would be wider than the last; with bottlenecks 256 "
        "leave it.",
    ),
    "excitation": Lesson(
        "Where do the gates differ most from class to class?",
        ("in the first block", "in the last block", "equally in all"),
        1,
        "Press 'Train and take apart', and compare the three blocks.",
        "In the last: first layers find edges and corners that every class has, last ones what only some have.",
    ),
    "timeline": Lesson(
        "Which of these networks has the fewest parameters among those for ImageNet?",
        ("AlexNet", "VGG-16", "GoogLeNet", "ResNet-152"),
        2,
        "Look at the second row.",
        "GoogLeNet, 6.6 million: bottlenecks, and the mean of each map in place of large dense layers.",
    ),
})  # fmt: skip
