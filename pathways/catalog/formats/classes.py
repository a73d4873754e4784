"""Classes of CTDL, and what each is here."""

from __future__ import annotations

from pathways.credential import CredentialType

#: Credentials, courses, programs and assessments: what can be earned.
_CLASSES: dict[CredentialType, str] = {
    "badge": "Badge OpenBadge DigitalBadge",
    "micro-credential": "MicroCredential",
    "certificate": (
        "Credential Certificate CertificateOfCompletion CertificateOfParticipation AcademicCertificate "
        "BasicTechnicalCertificate AdvancedTechnicalCertificate ProfessionalCertificate TechnicalCertificate "
        "ProficiencyCertificate PreparatoryCertificate GeneralEducationLevel1Certificate "
        "GeneralEducationLevel2Certificate HigherEducationLevel1Certificate HigherEducationLevel2Certificate "
        "ApprenticeshipCertificate PreApprenticeshipCertificate JourneymanCertificate MasterCertificate "
        "SecondaryEducationCertificate PostBaccalaureateCertificate PostMasterCertificate "
        "WorkbasedLearningProgramCertificate Diploma SecondarySchoolDiploma GeneralEducationDevelopment "
        "QualityAssuranceCredential"
    ),
    "certification": "Certification",
    "license": "License",
    "degree": (
        "Degree AssociateDegree AssociateOfArtsDegree AssociateOfAppliedArtsDegree "
        "AssociateOfAppliedScienceDegree AssociateOfScienceDegree BachelorDegree BachelorOfArtsDegree "
        "BachelorOfScienceDegree MasterDegree MasterOfArtsDegree MasterOfScienceDegree SpecialistDegree "
        "DoctoralDegree ProfessionalDoctorate ResearchDoctorate"
    ),
    "course": "Course LearningOpportunityProfile",
    "program": "LearningProgram ApprenticeshipProgram",
    "checkpoint": "AssessmentProfile",
}  # fmt: skip
EARNABLE: dict[str, CredentialType] = {name: kind for kind, names in _CLASSES.items() for name in names.split()}

#: Parts of a pathway. A part that is a proxy is the thing it stands for.
COMPONENTS: dict[str, CredentialType] = {
    "CredentialComponent": "stack", "CourseComponent": "course", "AssessmentComponent": "checkpoint",
    "CompetencyComponent": "checkpoint", "BasicComponent": "checkpoint", "CocurricularComponent": "checkpoint",
    "ExtracurricularComponent": "checkpoint", "JobComponent": "checkpoint", "WorkExperienceComponent": "checkpoint",
    "PathwayComponent": "checkpoint",
}  # fmt: skip

#: Parts that only gather others under a condition.
CONTAINERS = frozenset({"SelectionComponent", "MultiComponent"})
#: Classes whose ``requires`` says what must be so before one may start; of the others it says what completes them.
STARTED = frozenset({"Course", "LearningOpportunityProfile", "LearningProgram", "ApprenticeshipProgram", "AssessmentProfile"})
#: Parts whose conditions must hold before one may start them.
STARTED_COMPONENTS = frozenset(
    {
        "CourseComponent",
        "AssessmentComponent",
        "CocurricularComponent",
        "ExtracurricularComponent",
        "JobComponent",
        "WorkExperienceComponent",
    }
)
ORGANIZATIONS = frozenset({"CredentialOrganization", "QACredentialOrganization", "Organization", "CredentialingAction", "Person"})
#: Objects that conditions refer to: kept whole while a file is read.
CONDITIONS = frozenset({"ConditionProfile", "ComponentCondition", "Constraint", "ConditionManifest"})
COMPETENCIES = frozenset({"Competency", "CompetencyLevel"})
FRAMEWORKS = frozenset({"CompetencyFramework"})
TRANSFERS = frozenset({"TransferValueProfile", "TransferIntermediary", "TransferAgreement"})
PATHWAYS = frozenset({"Pathway", "PathwaySet"})

#: Class each type is written as: today's terms, the nearest one where CTDL has none of that name.
CLASS_OF: dict[CredentialType, str] = {
    "badge": "ceterms:Badge", "micro-credential": "ceterms:MicroCredential", "stack": "ceterms:Certificate",
    "course": "ceterms:Course", "certificate": "ceterms:Certificate", "program": "ceterms:LearningProgram",
    "certification": "ceterms:Certification", "endorsement": "ceterms:License", "license": "ceterms:License",
    "degree": "ceterms:Degree", "checkpoint": "ceterms:AssessmentProfile",
}  # fmt: skip
#: Part of a pathway each type is written as.
COMPONENT_OF: dict[CredentialType, str] = {"course": "ceterms:CourseComponent", "checkpoint": "ceterms:AssessmentComponent"}
