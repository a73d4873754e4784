"""A transcript, pasted as a table or sent as PESC XML, becomes a record; the student's own facts are never read."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from pathways.badges.pesc import MAX_BYTES, MAX_COURSES, read_pesc
from pathways.badges.resolve import Index
from pathways.badges.transcript import Transcript, is_transcript, read_transcript
from pathways.errors import DataError
from pathways.fields import MAX_ENTRIES
from pathways.record import DegreeHeld, EarnedCredential
from pathways.units import CreditValue
from tests.builders import credential

INDEX = Index(
    {
        "edt650": credential("edt650", name="Structured Literacy I", issuer="Walsh University"),
        "same-1": credential("same-1", name="Same", issuer="Walsh University"),
        "same-2": credential("same-2", name="Same", issuer="Walsh University"),
    }
)
PORTAL = b"""\xef\xbb\xbfCourse,Course Title,Credit Hours,Unit,Final Grade,Term,School,Level
EDU-101,Foundations of Reading,3,semester,B+,Fall 2024,Sample College,UG
edt650,Anything,3,semester,A,2025 Spring,Walsh University,Graduate
X-1,structured literacy I,3.5,quarter,P,Summer 2025,Walsh University,
X-2,Same,1,semester,A,,Walsh University,
X-3,Failed Course,3,semester,F,Fall 2024,Sample College,
X-4,Dropped Course,3,semester,W,Fall 2024,Sample College,
X-5,Going On,3,semester,ip,Fall 2026,Sample College,
X-6,Nothing Known,,,,,Sample College,
X-7,"Reading, Writing",2,,A-,sometime,Sample College,
"""
PESC = """<?xml version="1.0" encoding="UTF-8"?>
<ColTrn:CollegeTranscript xmlns:ColTrn="urn:org:pesc:message:CollegeTranscript:v1.8.0">
 <TransmissionData><DocumentID>PLANTED</DocumentID></TransmissionData>
 <Student>
  <Person>
   <SchoolAssignedPersonID>PLANTED-7</SchoolAssignedPersonID><SSN>PLANTED-000</SSN>
   <Birth><BirthDate>1990-01-01</BirthDate></Birth>
   <Name><FirstName>PLANTED</FirstName><LastName>PLANTED</LastName></Name>
  </Person>
  <AcademicRecord>
   <School><OrganizationName>Sample College</OrganizationName></School>
   <AcademicAward>
    <AcademicAwardLevel>2.4</AcademicAwardLevel><AcademicAwardDate>2020-05-20</AcademicAwardDate>
    <AcademicAwardTitle>Bachelor of Arts</AcademicAwardTitle>
   </AcademicAward>
   <AcademicAward><AcademicAwardTitle>Dean's List</AcademicAwardTitle><AcademicAwardDate>May</AcademicAwardDate></AcademicAward>
   <AcademicAward>
    <AcademicAwardTitle>Master of Education</AcademicAwardTitle><AcademicAwardDate>May</AcademicAwardDate>
   </AcademicAward>
   <AcademicSession>
    <AcademicSessionDetail>
     <SessionDesignator>2024-08</SessionDesignator><SessionName>Fall 2024</SessionName>
    </AcademicSessionDetail>
    <Course>
     <CourseCreditBasis>Regular</CourseCreditBasis><CourseCreditUnits>Semester</CourseCreditUnits>
     <CourseCreditLevel>Undergraduate</CourseCreditLevel><CourseCreditValue>3.0</CourseCreditValue>
     <CourseCreditEarned>3.0</CourseCreditEarned><CourseAcademicGrade>B</CourseAcademicGrade>
     <CourseSubjectAbbreviation>EDU</CourseSubjectAbbreviation><CourseNumber>101</CourseNumber>
     <CourseTitle>Foundations of Reading</CourseTitle>
     <School><OrganizationName>Elsewhere</OrganizationName></School>
    </Course>
   </AcademicSession>
   <AcademicSession>
    <AcademicSessionDetail><SessionDesignator>2025-01</SessionDesignator></AcademicSessionDetail>
    <Course>
     <CourseCreditUnits>Unreported</CourseCreditUnits><CourseCreditValue>2.0</CourseCreditValue>
     <CourseAcademicGrade>W</CourseAcademicGrade><CourseTitle>Dropped</CourseTitle>
    </Course>
    <Course>
     <CourseCreditUnits>ClockHours</CourseCreditUnits><CourseCreditValue>15</CourseCreditValue><CourseEndDate>2025-02-01</CourseEndDate>
     <CourseTitle>Workshop</CourseTitle>
    </Course>
   </AcademicSession>
  </AcademicRecord>
 </Student>
</ColTrn:CollegeTranscript>"""


def semester(amount: str, level: str | None = None) -> CreditValue:
    return CreditValue(Fraction(amount), "semester", level)  # type: ignore[arg-type]


def read(data: bytes) -> Transcript:
    return read_transcript(data, name="folder/transcript", index=INDEX)


def test_a_table_pasted_from_a_portal_becomes_a_record() -> None:
    found = read(PORTAL)
    assert found.record.achievements == (
        EarnedCredential(
            "own:sample-college-edu-101", name="Foundations of Reading", earned_on=date(2024, 12, 31), grade="B+",
            credits=semester("3", "undergraduate"), level="undergraduate", transcripted=True, type="course",
            issuer="Sample College",
        ),
        EarnedCredential(
            "edt650", earned_on=date(2025, 5, 31), grade="A", credits=semester("3", "graduate"), level="graduate", transcripted=True
        ),
        EarnedCredential("edt650", earned_on=date(2025, 8, 31), credits=CreditValue(Fraction("3.5"), "quarter"), transcripted=True),
        EarnedCredential(
            "own:walsh-university-x-2", name="Same", grade="A", credits=semester("1"), transcripted=True, type="course",
            issuer="Walsh University",
        ),
        EarnedCredential(
            "own:sample-college-x-7", name="Reading, Writing", grade="A-", credits=semester("2"), transcripted=True, type="course",
            issuer="Sample College",
        ),
    )  # fmt: skip


def test_what_does_not_count_is_told() -> None:
    assert read(PORTAL).notes == (
        "The transcript does not say the unit of some credits; they were read as semester hours.",
        'row 6: "Failed Course" has the grade "F", so it does not count.',
        'row 7: "Dropped Course" has the grade "W", so it does not count.',
        'row 8: "Going On" has the grade "IP", so it does not count.',
        'row 9: "Nothing Known" has no grade and no credits, so it does not count.',
    )


def test_a_college_transcript_becomes_a_record_and_nothing_of_the_student_is_read() -> None:
    found = read(PESC.encode())
    assert found.record.achievements == (
        EarnedCredential(
            "own:sample-college-edu-101", name="Foundations of Reading", earned_on=date(2024, 12, 31), grade="B",
            credits=semester("3", "undergraduate"), level="undergraduate", transcripted=True, type="course",
            issuer="Sample College",
        ),
        EarnedCredential(
            "own:sample-college-workshop", name="Workshop", earned_on=date(2025, 2, 1),
            credits=CreditValue(Fraction(15), "clock hour"), transcripted=True, type="course",
            issuer="Sample College",
        ),
    )  # fmt: skip
    assert found.record.degrees == (
        DegreeHeld("bachelor", "Bachelor of Arts", "Sample College", date(2020, 5, 20)),
        DegreeHeld("master", "Master of Education", "Sample College"),
    )
    assert "PLANTED" not in repr(found)
    assert found.notes[1:] == ('row 2: "Dropped" has the grade "W", so it does not count.',)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (PORTAL, True),
        (PESC.encode(), True),
        (b"id,name,credits\nletrs-u1,,", False),
        (b'{"achievements": []}', False),
        (b"title\nx", False),
        (b"", False),
    ],
)
def test_a_transcript_is_told_from_a_record(data: bytes, expected: bool) -> None:
    assert is_transcript(data) is expected


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"course,credits\nEDU,3", 'a column "title"'),
        (b"title,credits\nReading,three", "a number between"),
        (b"title,credits,unit\nReading,3,barrels", "a unit of credit"),
        (b"title,credits,completed\nReading,3,2024-13-01", "a day that exists"),
        (b"title,credits\n,3", "some text"),
        (b"title,credits\nReading,1e308", "a number between"),
        (b"title,credits\nReading,-3", "a number between"),
        (b"title,credits\nReading,3\xff", "UTF-8"),
        (b"title,name\nReading,3", "each column once"),
        (b"title,credits\n" + b"x,1\n" * (MAX_ENTRIES + 1), "at most 10,000"),
        (b"<html/>", "CollegeTranscript"),
        (b"<CollegeTranscript/>", "at least one Course"),
        (b"<CollegeTranscript>", "CollegeTranscript"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><CollegeTranscript>&a;</CollegeTranscript>', "without them"),
        (b"<a>" * 5000, "inside one another"),
        (b"<CollegeTranscript>" + b"<Course><CourseTitle>x</CourseTitle></Course>" * (MAX_COURSES + 1), "at most 2,000"),
        (b"<CollegeTranscript>" + b" " * MAX_BYTES, "at most 4,194,304 bytes"),
        (b'<?xml version="1.0" encoding="no-such"?><CollegeTranscript/>', "CollegeTranscript"),
        (b"<CollegeTranscript><Course></Course></CollegeTranscript>", "some text"),
        (b"<CollegeTranscript " + b" ".join(b'a%d=""' % n for n in range(6000)) + b"/>", "attributes in one element"),
        (b"<CollegeTranscript>" + b"".join(b"<a%d/>" % n for n in range(3000)), "different names"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(data: bytes, words: str) -> None:
    with pytest.raises(DataError) as caught:
        read(data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("transcript:")


def test_long_texts_are_cut_and_a_year_nobody_lived_is_no_date() -> None:
    long = f"<CollegeTranscript><Course><CourseTitle>{'x' * 5000}</CourseTitle></Course></CollegeTranscript>"
    assert len(read_pesc(long.encode(), file="x").courses[0].title) == 1000
    [course] = read(b"title,credits,term\nReading,3,Fall 0000").record.achievements
    assert (course.earned_on, course.id) == (None, "own:reading")
    [course] = read("title,credits\n\u8aad,3".encode()).record.achievements
    assert course.id == "own:course"
