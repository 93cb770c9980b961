"""Words: the frozen dataclasses and enums that pass between the steps."""

from grader.records.grades import (
    Check,
    DataFacts,
    Grade,
    PartGrade,
    Run,
)
from grader.records.networks import (
    AlignedRow,
    Architecture,
    Comparison,
    CompileConfig,
    Description,
    Fault,
    Hint,
    Json,
    Layer,
    OutputCheck,
    Rebuilt,
    Row,
    Shape,
    Summary,
    Totals,
)
from grader.records.outcomes import (
    CheckName,
    Match,
    Outcome,
    Rule,
)
from grader.records.sheets import (
    Calibration,
    Part,
    Protocol,
    Sheet,
)
from grader.records.submissions import (
    Source,
    Student,
    Submission,
)
from grader.records.trainings import (
    History,
    Progress,
    Splits,
    Training,
    WrongImage,
)

__all__ = [
    "AlignedRow",
    "Architecture",
    "Calibration",
    "Check",
    "CheckName",
    "Comparison",
    "CompileConfig",
    "DataFacts",
    "Description",
    "Fault",
    "Grade",
    "Hint",
    "History",
    "Json",
    "Layer",
    "Match",
    "Outcome",
    "OutputCheck",
    "Part",
    "PartGrade",
    "Progress",
    "Protocol",
    "Rebuilt",
    "Row",
    "Rule",
    "Run",
    "Shape",
    "Sheet",
    "Source",
    "Splits",
    "Student",
    "Submission",
    "Summary",
    "Totals",
    "Training",
    "WrongImage",
]
